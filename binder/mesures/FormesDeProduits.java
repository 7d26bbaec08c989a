import org.bytedeco.javacpp.FloatPointer; import org.bytedeco.openblas.global.openblas; import org.nd4j.linalg.factory.Nd4j; import fr.cours.attention.math.*;
public class Shp {
  static FloatPointer p(int n){ FloatPointer f=new FloatPointer(n); for(int i=0;i<n;i++) f.put(i,(float)Math.sin(i)); return f; }
  static void t(String nm,int reps,int lots,boolean ta,boolean tb,int n,int m,int k,int lda,int ldb,int ldc,int sa,int sb,int sc){
    FloatPointer a=p(4000000),b=p(4000000),c=p(4000000);
    double best=1e9, sum=0;
    for(int r=0;r<reps;r++){ long t=System.nanoTime(); for(int l=0;l<lots;l++) openblas.cblas_sgemm(101, ta?112:111, tb?112:111, n,m,k,1f,a.position((long)l*sa),lda,b.position((long)l*sb),ldb,0f,c.position((long)l*sc),ldc); double d=(System.nanoTime()-t)/1e6; best=Math.min(best,d); if(r>=reps/2) sum+=d; }
    System.out.printf("%-28s %6.3f ms (moy %6.3f)  %6.1f GFLOP/s%n",nm,best,sum/(reps-reps/2),2.0*lots*n*m*k/best/1e6);
  }
  public static void main(String[] x){ System.out.println(Machine.blasThreads()+" fils "+Machine.blasCore());
    t("proj 1600x128x128",200,1,false,false,1600,128,128,128,128,128,0,0,0);
    t("proj qkv 1600x384x128",200,1,false,false,1600,384,128,128,384,384,0,0,0);
    t("ff1 1600x512x128",200,1,false,false,1600,512,128,128,512,512,0,0,0);
    t("ff2 1600x128x512",200,1,false,false,1600,128,512,512,128,128,0,0,0);
    t("dW proj atb 128x128x1600",200,1,true,false,128,128,1600,128,128,128,0,0,0);
    t("dW ff1 atb 128x512x1600",200,1,true,false,128,512,1600,128,512,512,0,0,0);
    t("dW ff2 atb 512x128x1600",200,1,true,false,512,128,1600,512,128,128,0,0,0);
    t("dx proj abt 1600x128x128",200,1,false,true,1600,128,128,128,128,128,0,0,0);
    t("dx ff1 abt 1600x128x512",200,1,false,true,1600,128,512,512,512,128,0,0,0);
    t("dx ff2 abt 1600x512x128",200,1,false,true,1600,512,128,128,128,512,0,0,0);
    t("scores 128*50x50x32 abt",200,128,false,true,50,50,32,128,128,50,32,32,2500);
    t("out 128*50x32x50 ab",200,128,false,false,50,32,50,50,128,128,2500,32,32);
    t("dV 128*50x32x50 atb",200,128,true,false,50,32,50,50,128,128,2500,32,32);
    t("512^3 ab",50,1,false,false,1024,512,512,512,512,512,0,0,0);
    t("scores 512x512x64 abt",100,16,false,true,512,512,64,512,512,512,64,64,512*512/4);
    t("out 512x64x512 ab",100,16,false,false,512,64,512,512,512,512,512*512/4,64,64);
  } }
